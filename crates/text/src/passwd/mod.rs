//! `/etc/passwd` and `/etc/group`. Only what the files say: no NIS, LDAP or `nsswitch.conf`.

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    pub home: String,
    /// As written; empty means `/bin/sh`.
    pub shell: String,
    pub line: u32,
}

/// One group and the users listed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub gid: u32,
    pub members: Vec<String>,
}

pub fn read_accounts(bytes: &[u8]) -> Vec<Account> {
    let text = String::from_utf8_lossy(bytes);
    (1..).zip(text.lines()).filter_map(|(line, text)| account(text, line)).collect()
}

fn account(text: &str, line: u32) -> Option<Account> {
    let fields: Vec<&str> = text.split(':').collect();
    let [name, _, uid, gid, _, home, shell] = fields.as_slice() else { return None };
    let owned = |text: &str| text.to_owned();
    let (uid, gid) = (uid.parse().ok()?, gid.parse().ok()?);
    Some(Account { name: owned(name), uid, gid, home: owned(home), shell: owned(shell), line })
}

pub fn read_groups(bytes: &[u8]) -> Vec<Group> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().filter_map(group).collect()
}

fn group(text: &str) -> Option<Group> {
    let fields: Vec<&str> = text.split(':').collect();
    let [name, _, gid, members] = fields.as_slice() else { return None };
    let members = members.split(',').filter(|m| !m.is_empty()).map(str::to_owned).collect();
    Some(Group { name: (*name).to_owned(), gid: gid.parse().ok()?, members })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_groups() {
        let accounts = read_accounts(b"root:x:0:0:root:/root:/bin/bash\n#x\nann:x:1000:1000::/home/ann:\n");
        assert_eq!(accounts.len(), 2);
        assert_eq!((accounts[1].line, accounts[1].shell.as_str()), (3, ""));
        let groups = read_groups(b"sudo:x:27:ann,bob\nnobody:x:9:\n");
        assert_eq!(groups[0].members, ["ann", "bob"]);
        assert!(groups[1].members.is_empty());
    }
}
