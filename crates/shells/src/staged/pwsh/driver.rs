//! The text of the script that reads the profiles with a breakpoint on every statement.

use crate::StartupFile;
use model::LayerStatus;

/// The stage after all profiles.
pub(super) const END: &str = "end";

/// Writes the records of `stages` to the descriptor `fd`. Everything of ours hangs on one variable and functions of
/// one prefix, so that a profile does not meet them by chance.
pub(super) fn text(fd: i32, files: &[StartupFile], watched: &[String]) -> String {
    let names: Vec<String> = watched.iter().map(|name| quote(name)).collect();
    let mut script = format!(
        "$global:__gowhence = @{{
    Names = @({})
    Values = ''
    Watched = @{{}}
    Out = [System.IO.File]::Open('/dev/fd/{fd}', 'Open', 'Write')
}}\n{FUNCTIONS}__gowhence_note 'start'\n",
        names.join(", ")
    );
    for (index, file) in files.iter().enumerate() {
        if file.status == LayerStatus::Applied && file.path.ends_with(".ps1") {
            let path = quote(&file.path);
            script.push_str(&format!(
                "__gowhence_watch {path}\ntry {{ . {path} }} catch {{ }}\n__gowhence_note '{index}'\n"
            ));
        }
    }
    script.push_str(&format!("Get-PSBreakpoint | Remove-PSBreakpoint\n__gowhence_note '{END}'\n"));
    script
}

/// PowerShell's single quotes (about_Quoting_Rules).
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `__gowhence_watch` also goes into the scripts that a profile calls by a path that can be told from its text: a
/// constant, or a string of variables without sub-expressions.
const FUNCTIONS: &str = r#"
function global:__gowhence_write([string] $text) {
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($text)
    $__gowhence.Out.Write($bytes, 0, $bytes.Length)
    $__gowhence.Out.Flush()
}
function global:__gowhence_changed {
    $fields = foreach ($name in $__gowhence.Names) {
        $value = [System.Environment]::GetEnvironmentVariable($name)
        if ($null -eq $value) { "`0" } else { "=$value`0" }
    }
    $now = -join $fields
    if ($now -cne $__gowhence.Values) {
        $__gowhence.Values = $now
        __gowhence_write "V`0$now"
    }
}
function global:__gowhence_note([string] $stage) {
    __gowhence_changed
    $block = foreach ($entry in [System.Environment]::GetEnvironmentVariables().GetEnumerator()) {
        "$($entry.Key)=$($entry.Value)`0"
    }
    __gowhence_write "D`0$(-join $block)GOWHENCE_STAGE=$stage`0"
}
$__gowhence.Tick = {
    __gowhence_changed
    __gowhence_write "A`0$($_.Script)`0$($_.Line)`0`0`0"
}
function global:__gowhence_watch([string] $path) {
    if ($__gowhence.Watched.ContainsKey($path)) { return }
    $__gowhence.Watched[$path] = $true
    $tokens = $null
    $errors = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref] $tokens, [ref] $errors)
    $lines = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.StatementAst] }, $true) |
        ForEach-Object { $_.Extent.StartLineNumber } | Sort-Object -Unique
    if ($lines) {
        $null = Set-PSBreakpoint -Script $path -Line $lines -Action $__gowhence.Tick
    }
    $calls = $ast.FindAll({
            $args[0] -is [System.Management.Automation.Language.CommandAst] -and
            $args[0].InvocationOperator -ne [System.Management.Automation.Language.TokenKind]::Unknown
        }, $true)
    foreach ($call in $calls) {
        $target = $call.CommandElements[0]
        if ($target -isnot [System.Management.Automation.Language.StringConstantExpressionAst] -and
            $target -isnot [System.Management.Automation.Language.ExpandableStringExpressionAst]) { continue }
        $text = $target.Value
        if ($text.Contains('$(') -or -not $text.EndsWith('.ps1')) { continue }
        $text = $text.Replace('$PSScriptRoot', [System.IO.Path]::GetDirectoryName($path))
        $file = $ExecutionContext.InvokeCommand.ExpandString($text)
        if (Test-Path -LiteralPath $file -PathType Leaf) {
            __gowhence_watch ([System.IO.Path]::GetFullPath($file))
        }
    }
}
"#;
