//! The platforms that each minor of Go builds for, for SDKs whose own list cannot be read.
//!
//! From `src/cmd/go/internal/cfg/zosarch.go` (up to 1.20) and `src/internal/platform/zosarch.go` of the last release
//! of every minor. An SDK's own file goes before this table: distributors change it.

/// GOOS/GOARCH, first and last minor that knows it, and the minors in which cgo began and ceased to work there.
struct Row(&'static str, u8, u8, &'static [(u8, bool)]);

const LAST: u8 = u8::MAX;

/// What is known of `goos/goarch` in Go 1.`minor`: whether cgo works there. `None`: no such platform.
pub(super) fn supports_cgo(goos: &str, goarch: &str, minor: u8) -> Option<bool> {
    let name = format!("{goos}/{goarch}");
    let row = ROWS.iter().find(|row| row.0 == name && (row.1..=row.2).contains(&minor))?;
    Some(row.3.iter().rev().find(|(since, _)| *since <= minor).is_some_and(|(_, cgo)| *cgo))
}

const ROWS: &[Row] = &[
    Row("aix/ppc64", 12, LAST, &[(13, true)]),
    Row("android/386", 11, LAST, &[(11, true)]),
    Row("android/amd64", 11, LAST, &[(11, true)]),
    Row("android/arm", 11, LAST, &[(11, true)]),
    Row("android/arm64", 11, LAST, &[(11, true)]),
    Row("darwin/386", 11, 14, &[(11, true), (13, false)]),
    Row("darwin/amd64", 11, LAST, &[(11, true)]),
    Row("darwin/arm", 11, 14, &[(11, true)]),
    Row("darwin/arm64", 11, LAST, &[(11, true)]),
    Row("dragonfly/amd64", 11, LAST, &[(11, true)]),
    Row("freebsd/386", 11, LAST, &[(11, true)]),
    Row("freebsd/amd64", 11, LAST, &[(11, true)]),
    Row("freebsd/arm", 11, LAST, &[(13, true)]),
    Row("freebsd/arm64", 14, LAST, &[(14, true)]),
    Row("freebsd/riscv64", 20, LAST, &[(20, true)]),
    Row("illumos/amd64", 13, LAST, &[(13, true)]),
    Row("ios/amd64", 16, LAST, &[(16, true)]),
    Row("ios/arm64", 16, LAST, &[(16, true)]),
    Row("js/wasm", 11, LAST, &[]),
    Row("linux/386", 11, LAST, &[(11, true)]),
    Row("linux/amd64", 11, LAST, &[(11, true)]),
    Row("linux/arm", 11, LAST, &[(11, true)]),
    Row("linux/arm64", 11, LAST, &[(11, true)]),
    Row("linux/loong64", 19, LAST, &[(19, true)]),
    Row("linux/mips", 11, LAST, &[(11, true)]),
    Row("linux/mips64", 11, LAST, &[(11, true)]),
    Row("linux/mips64le", 11, LAST, &[(11, true)]),
    Row("linux/mipsle", 11, LAST, &[(11, true)]),
    Row("linux/ppc64", 11, LAST, &[(27, true)]),
    Row("linux/ppc64le", 11, LAST, &[(11, true)]),
    Row("linux/riscv64", 11, LAST, &[(11, true), (14, false), (16, true)]),
    Row("linux/s390x", 11, LAST, &[(11, true)]),
    Row("linux/sparc64", 12, LAST, &[(12, true)]),
    Row("nacl/386", 11, 13, &[]),
    Row("nacl/amd64p32", 11, 13, &[]),
    Row("nacl/arm", 11, 13, &[]),
    Row("netbsd/386", 11, LAST, &[(11, true)]),
    Row("netbsd/amd64", 11, LAST, &[(11, true)]),
    Row("netbsd/arm", 11, LAST, &[(11, true)]),
    Row("netbsd/arm64", 13, LAST, &[(13, true)]),
    Row("openbsd/386", 11, LAST, &[(11, true)]),
    Row("openbsd/amd64", 11, LAST, &[(11, true)]),
    Row("openbsd/arm", 11, LAST, &[(12, true)]),
    Row("openbsd/arm64", 13, LAST, &[(13, true)]),
    Row("openbsd/mips64", 16, 26, &[(17, true)]),
    Row("openbsd/ppc64", 21, LAST, &[]),
    Row("openbsd/riscv64", 22, LAST, &[(23, true)]),
    Row("plan9/386", 11, LAST, &[]),
    Row("plan9/amd64", 11, LAST, &[]),
    Row("plan9/arm", 11, LAST, &[]),
    Row("solaris/amd64", 11, LAST, &[(11, true)]),
    Row("wasip1/wasm", 21, LAST, &[]),
    Row("windows/386", 11, LAST, &[(11, true)]),
    Row("windows/amd64", 11, LAST, &[(11, true)]),
    Row("windows/arm", 12, 25, &[]),
    Row("windows/arm64", 17, LAST, &[(17, true)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_come_and_go() {
        assert_eq!(supports_cgo("linux", "amd64", 27), Some(true));
        assert_eq!(supports_cgo("linux", "ppc64", 26), Some(false));
        assert_eq!(supports_cgo("linux", "riscv64", 15), Some(false));
        assert_eq!(supports_cgo("nacl", "386", 14), None);
        assert_eq!(supports_cgo("js", "wasm", 11), Some(false));
        assert_eq!(supports_cgo("", "amd64", 20), None);
    }
}
