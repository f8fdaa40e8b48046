//! Points in time as text: RFC 3339 in UTC, as TOML writes it.

use toml::value::{Datetime, Offset};

/// Days since 1970-01-01 of a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Milliseconds since 1970; a time without an offset is taken for UTC. `None` for a time without a day.
pub(super) fn to_ms(at: &Datetime) -> Option<i64> {
    let date = at.date.as_ref()?;
    let mut ms = days(i64::from(date.year), i64::from(date.month), i64::from(date.day)) * 86_400_000;
    if let Some(time) = &at.time {
        let seconds =
            i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0));
        ms += seconds * 1000 + i64::from(time.nanosecond.unwrap_or(0)) / 1_000_000;
    }
    if let Some(Offset::Custom { minutes }) = at.offset {
        ms -= i64::from(minutes) * 60_000;
    }
    Some(ms)
}

/// `2026-03-01T09:12:00.123Z`; whole seconds without the fraction.
pub fn to_rfc3339(ms: i64) -> String {
    let (day, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // The inverse of `days`: count from 0000-03-01, the day after a leap day.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (seconds, fraction) = (of_day / 1000, of_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:03}") };
    format!("{year:04}-{month:02}-{day_of_month:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_772_356_320_123, "2026-03-01T09:12:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(to_rfc3339(ms), text);
            assert_eq!(to_ms(&text.parse().expect("a time")), Some(ms));
        }
        let east = "2026-03-01T10:12:00+01:00".parse().expect("a time");
        assert_eq!(to_ms(&east), Some(1_772_356_320_000));
    }
}
