//! The bytes of reports, natively; `tests/web/same_bytes.rs` looks for the same in a browser.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../../tests/suite/same_bytes.rs"]
mod runs;

#[test]
fn reports_have_the_bytes_that_they_had() {
    expect_test::expect_file!["../../../tests/suite/same-bytes.txt"].assert_eq(&runs::lines());
}
