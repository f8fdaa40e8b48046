//! Variants of the configuration files, generated from a seed: each draws from lists of lines that were chosen
//! because programs read them in surprising ways.

use super::dump;
use super::stage::Stage;
use system::User;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Root,
    Ann,
}

/// One configuration of the machine.
#[derive(Clone)]
pub(super) struct Variant {
    /// Every user's shell.
    pub(super) shell: String,
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) crontab: Vec<u8>,
    /// Who calls su and sudo, and with which environment.
    pub(super) caller: Who,
    pub(super) environment: Vec<(String, String)>,
    pub(super) target_is_root: bool,
}

impl Variant {
    /// Whom su and sudo become.
    pub(super) fn target<'a>(&self, stage: &'a Stage) -> &'a User {
        if self.target_is_root { &stage.root } else { &stage.bob }
    }

    /// The files, for reading a difference.
    pub(super) fn describe(&self) -> String {
        let mut out = format!(
            "caller {:?}, target root: {}, {:?}\n",
            self.caller, self.target_is_root, self.environment
        );
        for (path, text) in &self.files {
            out.push_str(&format!(
                "--- {path}\n{}\n",
                String::from_utf8_lossy(text).escape_debug().to_string().replace("\\n", "\n")
            ));
        }
        out.push_str(&format!("--- crontab\n{}", String::from_utf8_lossy(&self.crontab)));
        out
    }
}

/// xorshift64*: the same on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64, number: u32) -> Self {
        let mut random = Self((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(u64::from(number) * 2 + 1) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    /// Once in `n` times.
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// Up to `most` of them, in an order of their own, joined.
    fn some(&mut self, list: &[&str], most: usize) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| self.pick(list)).collect()
    }
}

/// The variant of that number; number 0 is the machine as it is.
pub(super) fn variant(seed: u64, number: u32) -> Variant {
    let mut random = Random::new(seed, number);
    let mut files = vec![("/etc/sudoers.d/zz-probe".to_owned(), SUDO_RIGHTS.into())];
    let mut crontab = format!("@reboot {}\n", dump::program());
    if number > 0 {
        pam_files(&mut random, &mut files);
        login_files(&mut random, &mut files);
        sudo_files(&mut random, &mut files);
        ssh_files(&mut random, &mut files);
        crontab = format!("{}{crontab}{}", random.some(CRONTAB, 4), random.pick(&["", "AFTER=1\n"]));
        if random.one_in(12) {
            crontab.push_str(random.pick(&[
                "X=\n",
                "Y=\"open\n",
                "Z='a' b\n",
                "61 * * * * true\n",
                "A=last",
            ]));
        }
    }
    // su asks a plain user for a password: only where the stack lets ann in may she call it.
    let caller = if number.is_multiple_of(2) { Who::Root } else { Who::Ann };
    if caller == Who::Ann {
        let su = String::from_utf8_lossy(&file(&files, "/etc/pam.d/su")).into_owned();
        files.retain(|(path, _)| path != "/etc/pam.d/su");
        files.push(("/etc/pam.d/su".to_owned(), su.replace(SU_AUTH, SU_AUTH_OPEN).into_bytes()));
    }
    // Every third variant has users of a real shell, whose start-up files then act too.
    let shell = match number % 3 {
        1 => (*random.pick(&["/bin/bash", "/bin/bash", "/bin/zsh", "/bin/dash"])).to_owned(),
        _ => dump::program(),
    };
    if number % 3 == 1 {
        start_up_files(&mut random, &mut files);
        crontab = format!("SHELL={shell}\n{crontab}");
    }
    environment_d_files(&mut random, &mut files);
    add(&mut files, "/home/ann/.tmux.conf", random.some(TMUX, 4));
    Variant {
        shell,
        files,
        crontab: crontab.into_bytes(),
        caller,
        environment: environment(&mut random, caller),
        target_is_root: random.one_in(2),
    }
}

/// A file of the variant, else the machine's own.
fn file(files: &[(String, Vec<u8>)], path: &str) -> Vec<u8> {
    let written = files.iter().rev().find(|(p, _)| p == path).map(|(_, text)| text.clone());
    written.unwrap_or_else(|| std::fs::read(path).unwrap_or_default())
}

const START_UP: &[(&str, &str)] = &[
    (".bashrc", "export RC_BASH=$HOME\nPATH=$HOME/rc:$PATH\n"),
    (".bashrc", "export RC_TOP=1\ncase $- in *i*) ;; *) return ;; esac\nexport RC_INTERACTIVE=$-\n"),
    (".bash_profile", "export PROFILE_BASH=1\n. ~/.bashrc\n"),
    (".profile", "export PROFILE=$0\n"),
    (".zshenv", "export ZENV=1\n"),
    (".zprofile", "export ZPROFILE=$PATH\n"),
    (".zlogin", "export ZLOGIN=1\nunset GOPATH\n"),
];

fn start_up_files(random: &mut Random, files: &mut Files) {
    for home in ["/home/ann", "/home/bob", "/root"] {
        // Without one of these an interactive zsh asks its new user questions.
        add(files, &format!("{home}/.zshrc"), "export ZRC=1\n");
        for (name, text) in START_UP {
            if random.one_in(2) {
                add(files, &format!("{home}/{name}"), *text);
            }
        }
    }
}

const ENVIRONMENT_D: &[&str] = &[
    "D_A=one\n",
    "D_B = spaced  \n",
    "D_C=\"a b\" 'c'\n",
    "D_D='$HOME'/x\n",
    "D_E=\\$HOME\n",
    "D_F=${D_A:-none}:${D_NONE:-d$HOME}:${D_A:+alt}\n",
    "D_G=x # y\n",
    "export D_H=1\n",
    "D_I=\n",
    "D_J=\"\"\n",
    "D_K=in\"side\"\n",
    "D_L=cr\r\n",
    "D_M=one\\\n  two\n",
    "; comment\n# other \\\nD_N=1\n",
    "PATH=$HOME/bin:$PATH\n",
    "D_O=$$ $1 ${D_A\n",
    "9D=1\n",
    "D_P=\"\\$x \\n \\\\\"\n",
    "D_A=two\n",
];

fn environment_d_files(random: &mut Random, files: &mut Files) {
    const PLACES: &[&str] = &[
        "/etc/environment.d/10-a.conf",
        "/etc/environment.d/99-environment.conf",
        "/home/ann/.config/environment.d/10-a.conf",
        "/home/ann/.config/environment.d/60-user.conf",
        "/etc/environment.d/not-a-conf",
    ];
    for place in PLACES {
        if random.one_in(2) {
            add(files, place, random.some(ENVIRONMENT_D, 5));
        }
    }
    if random.one_in(5) {
        add(files, "/etc/environment.d/98-open.conf", "D_OPEN='open\nD_SWALLOWED=1\n");
    }
}

const TMUX: &[&str] = &[
    "set-environment -g GOROOT /tmux/go\n",
    "setenv -g PATH /tmux/bin:/bin\n",
    "setenv -gh T_HIDDEN 1\n",
    "setenv -gr GOPATH\n",
    "setenv -g T_TEXT \"two words \\$HOME\"\n",
    "setenv -gu LANG\n",
    "set -g default-terminal tmux-256color\n",
    "set -ga update-environment ' KEEP_ME'\n",
    "set -g update-environment[9] 'KEEP_*'\n",
    "set -g default-command ''\n",
];

const SU_AUTH: &str = "auth       sufficient pam_rootok.so";
const SU_AUTH_OPEN: &str = "auth       sufficient pam_rootok.so\nauth       sufficient pam_permit.so";
const SUDO_RIGHTS: &str = "ann ALL=(ALL:ALL) NOPASSWD: ALL\n";

fn environment(random: &mut Random, caller: Who) -> Vec<(String, String)> {
    let (name, home) = if caller == Who::Root { ("root", "/root") } else { ("ann", "/home/ann") };
    let mut variables: Vec<(&str, &str)> = vec![
        ("PATH", "/caller/bin:/usr/bin:/bin"),
        ("HOME", home),
        ("USER", name),
        ("LOGNAME", name),
        ("SHELL", "/bin/sh"),
        ("TERM", "xterm-256color"),
        ("GOPATH", "/caller/gopath"),
    ];
    for (i, pair) in CALLER.iter().enumerate() {
        if i % 3 == random.below(3) {
            variables.push(*pair);
        }
    }
    if random.one_in(6) {
        let gone = random.pick(&["TERM", "HOME", "USER", "SHELL", "PATH", "LOGNAME"]);
        variables.retain(|(n, _)| *n != gone);
    }
    variables.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

const CALLER: &[(&str, &str)] = &[
    ("GOROOT", "/caller/go"),
    ("GOPROXY", "https://caller"),
    ("GOFLAGS", "-mod=mod"),
    ("LANG", "en_US.UTF-8"),
    ("LC_ALL", "de_DE/../x"),
    ("LC_TIME", "C"),
    ("TZ", "Europe/Berlin"),
    ("TZ", "/etc/localtime"),
    ("COLORTERM", "true%color"),
    ("DISPLAY", ":0"),
    ("XAUTHORITY", "/home/x/.Xauthority"),
    ("MAIL", "/caller/mail"),
    ("SUDO_PS1", "sudo> "),
    ("PS1", "$ "),
    ("BASH_ENV", "/caller/env"),
    ("ENV", "/caller/env"),
    ("LD_LIBRARY_PATH", "/caller/lib"),
    ("LD_PRELOAD_X", "1"),
    ("TMPDIR", "/caller/tmp"),
    ("PYTHONPATH", "/caller/py"),
    ("FUNC", "() { :; }"),
    ("BASH_FUNC_go%%", "() { :; }"),
    ("KEEP_ME", "kept"),
    ("KEEP_TWO", "a/b%c"),
    ("HOSTNAME", "callerhost"),
    ("NLSPATH", "/x"),
    ("MALLOC_CHECK_", "3"),
    ("EMPTY", ""),
    ("LD_BIND_NOW", "1"),
    ("LD_AUDIT", ""),
    ("MALLOC_TRACE", "/x"),
    ("MALLOC_ARENA_MAX", "2"),
    ("LOCPATH", "/x"),
    ("TZDIR", "/x"),
    ("SSH_AUTH_SOCK", "/run/agent"),
];

type Files = Vec<(String, Vec<u8>)>;

fn add(files: &mut Files, path: &str, text: impl Into<Vec<u8>>) {
    files.push((path.to_owned(), text.into()));
}

const ETC_ENVIRONMENT: &[&str] = &[
    "PATH=\"/etcenv/bin:/usr/bin:/bin\"\n",
    "GOPROXY=https://p/#x,direct\n",
    "M_ETCENV=1\n",
    "export M_EXPORT=e\n",
    "export\tM_TAB=t\n",
    "M_QUOTED=\"quoted # hash\"\n",
    "M_SINGLE='it''s'\n",
    "M_CR=\"two\"\r\n",
    "M_TRAIL=x  \n",
    "X = y\n",
    "A-B=1\n",
    "M_JOIN=one\\\n  two\n",
    "M_DUP=first\nM_DUP=last\n",
    "M_DOLLAR=$HOME/go\n",
    "  M_INDENT=i\n",
    "M_EMPTY=\n",
    "M_EMPTYQ=\"\"\n",
    "M_DUP\n",
    "GOPATH=/etcenv/go\n",
    "HOME=/etcenv/home\n",
    "USER=etcuser\n",
    "TERM=etcterm\n",
    "LANG=C.UTF-8\n",
    "MAIL=/etcenv/mail\n",
    "SHELL=/etcenv/shell\n",
    "KEEP_ME=etcenv\n",
    "\u{feff}M_BOM=1\n",
    "# comment\n\n",
    "=x\n",
    "M_EQ=a=b=c\n",
    "HUSHLOGIN=maybe\n",
    "TZ=UTC\n",
    "M_NUM=1",
    "\n",
];

const PAM_CONF: &[&str] = &[
    "PATH\tDEFAULT=/conf/bin:/usr/bin\n",
    "C_HOME DEFAULT=@{HOME}/go OVERRIDE=${C_NONE}\n",
    "C_ENVHOME DEFAULT=<${HOME}>\n",
    "C_FORWARD DEFAULT=x${M_ETCENV}y\n",
    "C_EMPTY DEFAULT=\n",
    "C_QEMPTY DEFAULT=\"\"\n",
    "C_SPACES DEFAULT=\"a b\"\tOVERRIDE=\n",
    "C_OVER OVERRIDE=@{PAM_USER} DEFAULT=d\n",
    "C_SHELL DEFAULT=@{SHELL}\n",
    "C_ESC DEFAULT=\\${HOME}\\@x$y\n",
    "C_TRAIL DEFAULT=x \n",
    "C_COMMENT DEFAULT=x # c\n",
    "C_BAD SOMETHING=x\n",
    "C_OPEN DEFAULT=\"x\n",
    "C_SWAP OVERRIDE= DEFAULT=\n",
    "C_JOIN DEFAULT=a\\\nb\n",
    "C_TTY DEFAULT=[@{PAM_RHOST}]\n",
    "GOPATH\n",
    "M_ETCENV DEFAULT=\n",
    "HOME DEFAULT=/conf/home\n",
    "C_ALONE\n",
    "MAIL DEFAULT=/conf/mail\n",
    "C_A=b DEFAULT=c\n",
];

fn pam_files(random: &mut Random, files: &mut Files) {
    add(files, "/etc/environment", random.some(ETC_ENVIRONMENT, 9));
    if random.one_in(20) {
        let long = format!("L_BEFORE=1\nL_LONG={}\nL_AFTER=1\n", "x".repeat(9000));
        add(files, "/etc/environment", long);
    }
    let mut conf = random.some(PAM_CONF, 7);
    if random.one_in(14) {
        conf.push_str("C_BREAK DEFAULT=${C_OPEN\nC_AFTER DEFAULT=1\n");
    }
    add(files, "/etc/security/pam_env.conf", conf);
    if random.one_in(2) {
        add(
            files,
            "/etc/default/locale",
            random.pick(&["LANG=de_DE.UTF-8\n", "LANG=\"en_US.UTF-8\"\nLANGUAGE=en\n", ""]),
        );
    }
    if random.one_in(2) {
        add(
            files,
            "/home/ann/.pam_environment",
            "U_A DEFAULT=user\nU_PATH DEFAULT=@{HOME}/u:${PATH}\nU_B=plain\n",
        );
    }
    for service in ["login", "su", "su-l", "sudo", "sudo-i", "sshd", "cron"] {
        if random.one_in(3) {
            let own = String::from_utf8_lossy(&file(files, &format!("/etc/pam.d/{service}"))).into_owned();
            add(files, &format!("/etc/pam.d/{service}"), changed_stack(random, &own));
        }
    }
}

const AHEAD: &[&str] = &[
    "session required pam_env.so readenv=1\n",
    "session required pam_env.so readenv=0 conffile=/etc/security/other.conf\n",
    "auth required pam_env.so envfile=/etc/other-env\n",
    "auth optional pam_env.so\n",
    "session optional pam_mail.so dir=~/Maildir\n",
    "session [success=1 default=ignore] pam_permit.so\nsession required pam_env.so envfile=/etc/other-env\n",
    "session [default=2] pam_permit.so\nsession required pam_deny.so\nsession required pam_deny.so\n",
    "session substack probe-sub\n",
    "session include probe-inc\n",
    "@include probe-inc\n",
    "session sufficient pam_env.so readenv=0\n",
    "session [success=1 default=ignore] pam_succeed_if.so quiet user = ann\nsession optional pam_env.so envfile=/etc/other-env\n",
    "-session optional pam_missing.so\n",
    "session required pam_env.so user_readenv=1\n",
    "session [success=ok default=ignore] pam_motd.so noupdate\n",
];

/// Lines put before the stack, or behind it.
fn changed_stack(random: &mut Random, own: &str) -> String {
    let extra = random.some(AHEAD, 3);
    if random.one_in(2) { format!("{extra}{own}") } else { format!("{own}\n{extra}") }
}

const LOGIN_DEFS: &[&str] = &[
    "ENV_PATH\tPATH=/defs/bin:/usr/bin\n",
    "ENV_PATH /defs/plain\n",
    "ENV_PATH \"PATH=/defs/quoted\" # why\n",
    "ENV_PATH=/defs/equals\n",
    "ENV_SUPATH PATH=/defs/sbin:/sbin\n",
    "ENV_SUPATH\n",
    "ENV_ROOTPATH PATH=/defs/rootpath\n",
    "ENV_PATH PATH=/defs/last  \n",
    "ALWAYS_SET_PATH yes\n",
    "ALWAYS_SET_PATH no\n",
    "always_set_path YES\n",
    "ENV_TZ TZ=Nowhere\n",
    "HUSHLOGIN_FILE /etc/hushlogins\n",
    "MAIL_DIR /defs/mail\n",
    "#ENV_PATH PATH=/defs/comment\n",
];

fn login_files(random: &mut Random, files: &mut Files) {
    add(files, "/etc/security/other.conf", "O_CONF DEFAULT=1\nPATH OVERRIDE=/other/conf\n");
    add(files, "/etc/other-env", "O_ENV=1\nGOPATH=/other/go\nM_ETCENV=other\n");
    add(
        files,
        "/etc/pam.d/probe-sub",
        "session sufficient pam_permit.so\nsession required pam_env.so envfile=/etc/other-env\n",
    );
    add(
        files,
        "/etc/pam.d/probe-inc",
        "auth optional pam_env.so envfile=/etc/other-env\nsession optional pam_env.so conffile=/etc/security/other.conf\n",
    );
    if random.one_in(2) {
        let own = String::from_utf8_lossy(&file(files, "/etc/login.defs")).into_owned();
        let kept = if random.one_in(2) { own.replace("\nENV_", "\n#ENV_") } else { own };
        add(files, "/etc/login.defs", format!("{kept}{}", random.some(LOGIN_DEFS, 4)));
    }
    if random.one_in(4) {
        add(
            files,
            "/etc/default/su",
            random.pick(&["ENV_PATH PATH=/su/bin\nENV_SUPATH PATH=/su/sbin\n", "ALWAYS_SET_PATH yes\n"]),
        );
    }
    if random.one_in(4) {
        add(files, "/home/ann/.hushlogin", "");
    }
    if random.one_in(4) {
        add(files, "/etc/hushlogins", "ann\n");
    }
}

const SUDOERS: &[&str] = &[
    "Defaults !env_reset\n",
    "Defaults:ann !env_reset\n",
    "Defaults:bob !env_reset\n",
    "Defaults:%crew env_keep += \"KEEP_ME\"\n",
    "Defaults:#2001 env_keep += KEEP_TWO\n",
    "Defaults>bob env_keep += GOROOT\n",
    "Defaults>root env_keep += GOROOT\n",
    "Defaults env_keep += \"GO* KEEP_*\"\n",
    "Defaults env_keep -= DISPLAY, env_keep += HOME\n",
    "Defaults env_keep = \"GOPATH MAIL\"\n",
    "Defaults env_keep += \"USER\"\n",
    "Defaults env_keep += \"LOGNAME FUNC BASH_FUNC_go%%\"\n",
    "Defaults env_keep += \"*=()*\"\n",
    "Defaults env_check += \"KEEP_TWO GOPATH\"\n",
    "Defaults env_check -= \"LC_* TZ\"\n",
    "Defaults env_delete += \"KEEP_ME GOROOT\"\n",
    "Defaults env_delete -= \"BASH_ENV PYTHONPATH\"\n",
    "Defaults !secure_path\n",
    "Defaults secure_path=/secure/bin\\:/bin\n",
    "Defaults secure_path = \"/secure/two:/bin\"\n",
    "Defaults exempt_group = crew\n",
    "Defaults env_file=/etc/sudo-env\n",
    "Defaults restricted_env_file=/etc/sudo-env\n",
    "Defaults always_set_home\n",
    "Defaults set_home\n",
    "Defaults !set_logname\n",
    "Defaults !pam_session\n",
    "Defaults !pam_setcred\n",
    "Defaults !env_keep\n",
    "User_Alias CREW = ann, %crew\nDefaults:CREW env_keep += EMPTY\n",
    "User_Alias NOTANN = ALL, !ann\nDefaults:NOTANN env_keep += KEEP_ME\n",
    "Host_Alias HERE = vm, localhost\nDefaults@HERE env_keep += SSH_AUTH_SOCK\n",
    "Defaults@localhost env_keep += KEEP_ME\n",
    "Defaults env_keep += \"A \\\n   TMPDIR\"\n",
    "Defaults env_keep += SHELL # comment\n",
];

fn sudo_files(random: &mut Random, files: &mut Files) {
    add(files, "/etc/sudoers.d/50-variant", random.some(SUDOERS, 5));
    add(files, "/etc/sudoers.d/60.ignored", "Defaults env_keep += GOFLAGS\n");
    add(
        files,
        "/etc/sudo-env",
        "S_A=1 \nexport S_B='two'\nPATH=/sudoenv/bin\nS_C=\"a\" b\nKEEP_ME=envfile\nGOROOT=/sudoenv/go\nS_D=x#y\nHOME=/sudoenv/home\n",
    );
}

const SSHD: &[&str] = &[
    "SetEnv S_ONE=1 \"S_TWO=two words\" S_ONE=again\n",
    "SetEnv S_LATER=1\n",
    "SetEnv PATH=/setenv/bin\n",
    "PermitUserEnvironment yes\n",
    "PermitUserEnvironment E_*,!E_NOT\n",
    "PermitUserEnvironment no\n",
    "AcceptEnv *\n",
    "UsePAM no\n",
];

const SSHD_MATCH: &[&str] = &[
    "Match User ann\n  SetEnv S_MATCH=user\n",
    "Match User bob\n  SetEnv S_MATCH=bob\n",
    "Match Group crew,!none\n  SetEnv S_MATCH=group\n",
    "Match User * Group nobody\n  SetEnv S_MATCH=none\n",
    "Match all\n  SetEnv S_MATCH=all\n",
];

fn ssh_files(random: &mut Random, files: &mut Files) {
    let own = String::from_utf8_lossy(&file(files, "/etc/ssh/sshd_config")).into_owned();
    let ahead = random.some(SSHD, 3);
    // A configuration without PAM cannot let a user without a password in unless the account is not locked.
    add(files, "/etc/ssh/sshd_config", format!("{ahead}{own}\n{}", random.some(SSHD_MATCH, 2)));
    if random.one_in(3) {
        add(files, "/etc/ssh/sshd_config.d/10-probe.conf", "SetEnv S_INCLUDED=1\n");
    }
    if random.one_in(2) {
        add(
            files,
            "/home/ann/.ssh/environment",
            "E_A=\"q\" # x\r\n# c\nexport E_X=1\n  E_NOT=1\nPATH=/userenv/bin\nno\nGOPATH=/userenv/go\nE_EMPTY=\n",
        );
    }
}

const CRONTAB: &[&str] = &[
    "T_A=1\n",
    "T_B = spaced out  \n",
    "T_C=\"quoted value \"\n",
    "T_D='single'\r\n",
    "T_E=x # not a comment\n",
    "'T F'=quoted name\n",
    "PATH=/tab/bin:/bin\n",
    "HOME=/\n",
    "SHELL=/run/probe/dump-env\n",
    "LOGNAME=other\n",
    "USER=tabuser\n",
    "GOPATH=$HOME/go\n",
    "# comment\n",
    "M_ETCENV=tab\n",
    "MAILTO=\"\"\n",
    "\tT_G=tab\n",
    "T_H=\"'both'\"\n",
];
