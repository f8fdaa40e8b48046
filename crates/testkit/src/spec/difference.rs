//! How an expected text differs from the one that was had, line by line.

/// The first line (from 1) in which the two differ, and the difference; `None` where they are the same but for space
/// at the ends of lines.
pub(super) fn difference(expected: &str, had: &str) -> Option<(usize, String)> {
    let lines = |text: &str| text.trim_end().lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>();
    let (expected, had) = (lines(expected), lines(had));
    if expected == had {
        return None;
    }
    let first = expected.iter().zip(&had).take_while(|(a, b)| a == b).count() + 1;
    Some((first, diff(&expected, &had)))
}

/// `-` what was expected, `+` what was had.
fn diff(a: &[String], b: &[String]) -> String {
    // Longest common subsequence of what follows each pair of lines.
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] =
                if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = String::new();
    while i < a.len() || j < b.len() {
        let (mark, line) = if i < a.len() && j < b.len() && a[i] == b[j] {
            i += 1;
            j += 1;
            (' ', &a[i - 1])
        } else if j >= b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', &a[i - 1])
        } else {
            j += 1;
            ('+', &b[j - 1])
        };
        out.push_str(&format!("    {mark} {line}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(difference("a\nb \n", "a\nb"), None);
        let (line, diff) = difference("a\nb\nc", "a\nx\nc").expect("they differ");
        assert_eq!(line, 2);
        assert_eq!(diff, "      a\n    - b\n    + x\n      c\n");
    }
}
