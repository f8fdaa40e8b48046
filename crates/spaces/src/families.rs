//! The families of derived spaces, in the order of the map.

use crate::{Derive, container, cron, login, ssh, su, sudo};

/// Every family.
pub const FAMILIES: &[Derive] =
    &[container::FAMILY, login::FAMILY, su::FAMILY, sudo::FAMILY, cron::FAMILY, ssh::FAMILY];
