//! Which files of environment.d count: in the order of their names over all folders, where of several files of one
//! name the one in the folder of highest rank stands (systemd: environment-d-generator.c, conf-files.c).

use crate::trace::Trace;
use model::{Folded, Layer, Origin};
use std::collections::BTreeMap;
use system::System;
use text::environment_d::{expand, read};

/// Lowest rank first; the user's own folder comes last.
const FOLDERS: &[&str] =
    &["/usr/lib/environment.d", "/usr/local/lib/environment.d", "/run/environment.d", "/etc/environment.d"];

/// The layers that environment.d adds to what a manager was given; `config` is the user's configuration folder.
pub fn add_layers(system: &dyn System, given: &Folded, config: &str) -> Vec<Layer> {
    let mut trace = Trace::over(given);
    add(&mut trace, system, config);
    trace.into_layers()
}

pub(super) fn add(trace: &mut Trace, system: &dyn System, config: &str) {
    let own = format!("{config}/environment.d");
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for folder in FOLDERS.iter().copied().chain([own.as_str()]) {
        for name in system.read_dir(folder).unwrap_or_default() {
            if name.ends_with(".conf") && !name.starts_with('.') {
                files.insert(name.clone(), format!("{folder}/{name}"));
            }
        }
    }
    for (name, path) in files {
        // An empty file, and a link to /dev/null, mask those of lower rank.
        let bytes = match system.read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let layer = Layer::unreadable("environment-d", &path, error.to_string());
                trace.begin(layer.from_source(Origin::file(&path)));
                continue;
            }
        };
        trace.layer(&format!("environment-d-{name}"), path.clone(), Origin::file(&path));
        for setting in read(&bytes) {
            let look_up = |n: &[u8]| trace.value(n).map(<[u8]>::to_vec);
            let value = expand(&setting.value, &look_up);
            trace.set(&setting.name, &value, Origin::line(&path, setting.line));
        }
    }
}
