//! Dates and clock times in China. Every rule that names a date means a date in China.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp, Zoned};

/// UTC+8. China has had one time zone without summer time since 1992, so no time zone database is needed.
const OFFSET: Offset = Offset::constant(8);

/// The instant with the clock time in China.
pub fn local(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(OFFSET))
}

/// The date in China at an instant.
pub fn date(at: Timestamp) -> Date {
    local(at).date()
}

/// The first instant of a day in China.
pub fn midnight(day: Date) -> Timestamp {
    let start = day.at(0, 0, 0, 0);
    OFFSET.to_timestamp(start).unwrap_or(if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The same clock time `months` calendar months later; on the last day of the month if it has no such day.
pub fn months_later(at: Timestamp, months: i32) -> Timestamp {
    local(at).saturating_add(Span::new().months(months)).timestamp()
}

/// The clock time in China as text, in the format of the manual's screens: `2024-01-15 13:36:56`.
pub fn text(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: XX-13, IC-49
    #[test]
    fn days_begin_at_midnight_in_china() {
        let before: Timestamp = "2024-01-15T15:59:59Z".parse().unwrap();
        let after: Timestamp = "2024-01-15T16:00:00Z".parse().unwrap();
        assert_eq!(date(before).to_string(), "2024-01-15");
        assert_eq!(midnight(date(after)), after);
        assert_eq!(date(after).to_string(), "2024-01-16");
        assert_eq!(text("2024-01-15T05:36:56Z".parse().unwrap()), "2024-01-15 13:36:56");
    }

    #[test]
    fn months_later_ends_on_the_last_day_of_a_shorter_month() {
        let at: Timestamp = "2024-08-31T04:00:00Z".parse().unwrap();
        assert_eq!(months_later(at, 6).to_string(), "2025-02-28T04:00:00Z");
    }
}
