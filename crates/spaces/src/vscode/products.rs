//! The products of the family: their names and the folders that each of them uses.
//!
//! vscode: product.json (nameShort, dataFolderName, serverDataFolderName); the same file of each product. Not here:
//! looking for them.

use super::Flavour;

/// One product.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) flavour: Flavour,
    pub(super) name: &'static str,
    /// What stands behind `@` in ids.
    pub(super) slug: &'static str,
    /// Folder below `~/.config` and its like (nameShort).
    pub(super) data: &'static str,
    /// Folder in the home with `extensions/` (dataFolderName).
    pub(super) dot: &'static str,
    /// Folder in the home of its server (serverDataFolderName).
    pub(super) server: &'static str,
    /// Where its files are on Linux (`resources/app` below that).
    pub(super) linux: &'static [&'static str],
    /// The app's name on macOS.
    pub(super) macos: &'static str,
}

/// Those that windows of this machine show.
pub(super) const PRODUCTS: &[Product] = &[
    Product {
        flavour: Flavour::Code,
        name: "VS Code",
        slug: "code",
        data: "Code",
        dot: ".vscode",
        server: ".vscode-server",
        linux: &["/usr/share/code", "/opt/visual-studio-code", "/snap/code/current/usr/share/code"],
        macos: "Visual Studio Code",
    },
    Product {
        flavour: Flavour::Insiders,
        name: "VS Code Insiders",
        slug: "insiders",
        data: "Code - Insiders",
        dot: ".vscode-insiders",
        server: ".vscode-server-insiders",
        linux: &["/usr/share/code-insiders", "/snap/code-insiders/current/usr/share/code-insiders"],
        macos: "Visual Studio Code - Insiders",
    },
    Product {
        flavour: Flavour::Vscodium,
        name: "VSCodium",
        slug: "vscodium",
        data: "VSCodium",
        dot: ".vscode-oss",
        server: ".vscodium-server",
        linux: &["/usr/share/codium", "/opt/vscodium-bin", "/snap/codium/current/usr/share/codium"],
        macos: "VSCodium",
    },
    Product {
        flavour: Flavour::Oss,
        name: "Code - OSS",
        slug: "oss",
        data: "Code - OSS",
        dot: ".vscode-oss",
        server: ".vscode-server-oss",
        linux: &["/usr/lib/code"],
        macos: "Code - OSS",
    },
    Product {
        flavour: Flavour::Cursor,
        name: "Cursor",
        slug: "cursor",
        data: "Cursor",
        dot: ".cursor",
        server: ".cursor-server",
        linux: &["/usr/share/cursor", "/opt/cursor"],
        macos: "Cursor",
    },
    Product {
        flavour: Flavour::Windsurf,
        name: "Windsurf",
        slug: "windsurf",
        data: "Windsurf",
        dot: ".windsurf",
        server: ".windsurf-server",
        linux: &["/usr/share/windsurf"],
        macos: "Windsurf",
    },
];
