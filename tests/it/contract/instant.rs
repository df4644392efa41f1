//! Reads the times of items.

use std::time::{SystemTime, UNIX_EPOCH};

use regex_lite::Regex;

/// Gives the seconds since 1970 of an RFC 3339 time in UTC, or nothing for any other text.
pub fn seconds(text: &str) -> Option<f64> {
    let pattern = r"^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:Z|\+00:00)$";
    let parts = Regex::new(pattern).ok()?.captures(text)?;
    let number = |group: usize| parts[group].parse::<i32>().ok();
    let (year, month, day) = (number(1)?, number(2)?, number(3)?);
    let (hour, minute, second) = (number(4)?, number(5)?, parts[6].parse::<f64>().ok()?);
    let possible = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60;
    let time = f64::from(hour * 3600 + minute * 60) + second;
    (possible && second < 61.0).then(|| f64::from(days(year, month, day)) * 86_400.0 + time)
}

/// Gives the days since 1970 of a date, by counting years from March.
fn days(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_469
}

/// Gives the seconds since 1970 of now.
pub fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
}

#[test]
fn only_times_in_utc_are_read() {
    let cases = [
        ("1970-01-01T00:00:00Z", Some(0.0)),
        ("2024-02-29T12:00:00.5+00:00", Some(1_709_208_000.5)),
        ("2024-02-29T12:00:00", None),
        ("2024-02-29 12:00:00Z", None),
        ("2024-02-29T12:00:00+02:00", None),
    ];
    for (text, expected) in cases {
        assert_eq!(seconds(text), expected, "{text}");
    }
}
