//! Module proxies in a folder, which the go command reads by a `file` URL: the modules that come with go's script tests.
//!
//! Deliberately not here: a checksum database (`sumdb`).

use super::scripts::archive;
use crate::failure::{Doing as _, Done};
use std::fs;
use std::path::Path;

/// Writes the modules of an SDK's `src/cmd/go/testdata/mod` as go: src/cmd/go/proxy_test.go serves them.
pub(crate) fn of_scripts(sdk: &Path, to: &Path) -> Done {
    let folder = sdk.join("src/cmd/go/testdata/mod");
    for entry in fs::read_dir(&folder).doing(folder.display())? {
        let path = entry?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let is_text = path.extension().is_some_and(|extension| extension == "txt");
        let Some((module, version)) = name.rsplit_once("_v").filter(|_| is_text) else { continue };
        // Names of versions hold no `_`, and those of modules none but for `/`.
        let (module, version) = (module.replace('_', "/"), format!("v{version}"));
        let text = fs::read_to_string(&path).doing(path.display())?;
        one(to, &module, &version, &archive::parse(&text).files)?;
    }
    Ok(())
}

fn one(to: &Path, module: &str, version: &str, files: &[(String, String)]) -> Done {
    // go: golang.org/x/mod/module `EscapePath` has been applied to the file names already.
    let folder = to.join(module).join("@v");
    fs::create_dir_all(&folder)?;
    let content = |wanted: &str| files.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
    let unescaped = unescaped(module);
    let default = format!("module {unescaped}\n");
    fs::write(folder.join(format!("{version}.mod")), content(".mod").unwrap_or(&default))?;
    if let Some(info) = content(".info") {
        fs::write(folder.join(format!("{version}.info")), info)?;
    }
    let top = format!("{unescaped}@{}", self::unescaped(version));
    let packed = files.iter().filter(|(name, _)| !name.starts_with('.'));
    let packed: Vec<(String, &[u8])> =
        packed.map(|(name, text)| (format!("{top}/{name}"), text.as_bytes())).collect();
    fs::write(folder.join(format!("{version}.zip")), zip(&packed))?;
    let list = folder.join("list");
    let mut versions = fs::read_to_string(&list).unwrap_or_default();
    // Pseudo-versions are not listed.
    if !version.contains("-0.20") && !version.contains("-20") {
        versions.push_str(&format!("{version}\n"));
    }
    fs::write(list, versions).doing(module)
}

/// `!x` stands for `X`.
fn unescaped(path: &str) -> String {
    let mut out = String::new();
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '!' => out.extend(chars.next().map(|c| c.to_ascii_uppercase())),
            c => out.push(c),
        }
    }
    out
}

/// A zip archive whose files are stored as they are (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
pub(crate) fn zip(files: &[(String, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    for (name, bytes) in files {
        let offset = number(out.len());
        // Version 2.0, no flags, stored, 1980-01-01 00:00.
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        fields.extend(crc32(bytes).to_le_bytes());
        fields.extend(number(bytes.len()));
        fields.extend(number(bytes.len()));
        fields.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        fields.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let (start, count) = (number(out.len()), u16::try_from(files.len()).unwrap_or(u16::MAX).to_le_bytes());
    let size = number(directory.len());
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size);
    out.extend(start);
    out.extend([0, 0]);
    out
}

/// CRC-32 of IEEE 802.3, bit by bit: the archives here are small or made once.
fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256_u32)
        .map(|n| (0..8).fold(n, |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }))
        .collect();
    let step = |crc: u32, byte: &u8| table[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8);
    !bytes.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(super::crc32(b"123456789"), 0xcbf4_3926);
    }
}
