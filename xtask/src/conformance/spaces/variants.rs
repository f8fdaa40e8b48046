//! Variants of the configuration files, generated from a seed: each draws from the lists of `lines`.

use super::dump;
use super::lines::{
    AHEAD, CALLER, CRONTAB, ENVIRONMENT_D, ETC_ENVIRONMENT, LOGIN_DEFS, PAM_CONF, SSHD, SSHD_MATCH, START_UP,
    SUDOERS, TMUX,
};
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
        1 => (*random.pick(SHELLS)).to_owned(),
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

/// Real shells of users.
const SHELLS: &[&str] =
    &["/bin/bash", "/bin/bash", "/bin/zsh", "/bin/dash", "/usr/bin/fish", "/usr/bin/tcsh"];

/// A file of the variant, else the machine's own.
fn file(files: &[(String, Vec<u8>)], path: &str) -> Vec<u8> {
    let written = files.iter().rev().find(|(p, _)| p == path).map(|(_, text)| text.clone());
    written.unwrap_or_else(|| std::fs::read(path).unwrap_or_default())
}

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

type Files = Vec<(String, Vec<u8>)>;

fn add(files: &mut Files, path: &str, text: impl Into<Vec<u8>>) {
    files.push((path.to_owned(), text.into()));
}

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

/// Lines put before the stack, or behind it.
fn changed_stack(random: &mut Random, own: &str) -> String {
    let extra = random.some(AHEAD, 3);
    if random.one_in(2) { format!("{extra}{own}") } else { format!("{own}\n{extra}") }
}

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

fn sudo_files(random: &mut Random, files: &mut Files) {
    add(files, "/etc/sudoers.d/50-variant", random.some(SUDOERS, 5));
    add(files, "/etc/sudoers.d/60.ignored", "Defaults env_keep += GOFLAGS\n");
    add(
        files,
        "/etc/sudo-env",
        "S_A=1 \nexport S_B='two'\nPATH=/sudoenv/bin\nS_C=\"a\" b\nKEEP_ME=envfile\nGOROOT=/sudoenv/go\nS_D=x#y\nHOME=/sudoenv/home\n",
    );
}

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
