//! The planner: how many rows and pages a query looks at, by the leftmost-prefix rule.
//!
//! An index helps with its columns from the left as long as a filter says "equal"; a range is the last
//! column that helps; a text search inside a column helps with none. The primary key, `id`, is an index in
//! whose order the rows lie on the pages. Must not live here: what a row or a page costs.

use archplay_model::Id;
use archplay_model::scenario::{Filter, FilterOp};

/// What a query asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query<'a> {
    pub filters: &'a [Filter],
    pub order_by: Option<&'a Id>,
    /// Rows wanted, and rows skipped before them.
    pub limit: u32,
    pub offset: u32,
}

/// How a query is carried out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plan {
    /// Rows looked at.
    pub examined: f64,
    /// Pages looked at.
    pub pages: f64,
    /// Rows returned.
    pub returned: f64,
}

/// The columns of an index and what it can do for a query.
fn with_index(query: &Query<'_>, columns: &[&str], rows: f64) -> (f64, f64, bool) {
    // Share of the rows that the index leads to, share of the filters left over, whether in order.
    let mut led = 1.0;
    let mut left: f64 = query
        .filters
        .iter()
        .map(|filter| filter.selectivity)
        .product();
    let mut ordered = query.order_by.is_none();
    for column in columns {
        if query.order_by.is_some_and(|id| id.as_str() == *column) {
            ordered = true;
        }
        let of_column = |op: FilterOp| {
            let mut here = query.filters.iter();
            here.find(|filter| filter.op == op && filter.column.as_str() == *column)
        };
        if let Some(filter) = of_column(FilterOp::Equal) {
            led *= filter.selectivity;
            left /= filter.selectivity;
        } else if let Some(filter) = of_column(FilterOp::Range) {
            led *= filter.selectivity;
            left /= filter.selectivity;
            break;
        } else {
            break;
        }
    }
    (rows * led, left.min(1.0), ordered)
}

/// Chooses the way that looks at the fewest rows; of equals the one with the fewest pages.
///
/// `rows` are there, `per_page` of them on a page.
pub(super) fn plan(query: &Query<'_>, indexes: &[Vec<Id>], rows: f64, per_page: f64) -> Plan {
    let wanted = f64::from(query.limit) + f64::from(query.offset);
    let all_pages = (rows / per_page).max(1.0);
    let of = |columns: &[&str], clustered: bool| {
        let (led, left, ordered) = with_index(query, columns, rows);
        let matching = led * left;
        // In order it can stop as soon as it has enough; otherwise it sorts all it finds.
        let examined = if ordered {
            led.min(wanted / left.max(1e-12))
        } else {
            led
        };
        let examined = examined.clamp(rows.min(1.0), rows.max(1.0));
        let pages = if clustered {
            examined / per_page
        } else {
            // Each row found lies on some page: distinct pages among so many draws.
            all_pages * (1.0 - libm::exp(-examined / all_pages))
        };
        Plan {
            examined,
            pages: pages.max(1.0),
            returned: (matching - f64::from(query.offset)).clamp(0.0, f64::from(query.limit)),
        }
    };
    let mut best = of(&["id"], true);
    for index in indexes {
        let columns: Vec<&str> = index.iter().map(Id::as_str).collect();
        let other = of(&columns, false);
        let fewer = other.examined < best.examined * (1.0 - 1e-9);
        let equal = other.examined <= best.examined * (1.0 + 1e-9);
        if fewer || (equal && other.pages < best.pages) {
            best = other;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(column: &str, op: FilterOp, selectivity: f64) -> Filter {
        Filter {
            column: Id::new(column).unwrap(),
            op,
            selectivity,
        }
    }

    fn index(text: &str) -> Vec<Id> {
        text.split(',').map(|c| Id::new(c).unwrap()).collect()
    }

    /// Rows examined of a million, 20 wanted.
    fn check(filters: &[Filter], order: Option<&str>, offset: u32, indexes: &[&str], wanted: f64) {
        let indexes: Vec<Vec<Id>> = indexes.iter().map(|text| index(text)).collect();
        let order = order.map(|text| Id::new(text).unwrap());
        let query = Query {
            filters,
            order_by: order.as_ref(),
            limit: 20,
            offset,
        };
        let got = plan(&query, &indexes, 1e6, 8.0).examined;
        assert!(
            (got - wanted).abs() <= 1e-6 * wanted,
            "{got}, wanted {wanted}: {query:?}"
        );
    }

    #[test]
    fn leftmost_prefix() {
        use FilterOp::{Contains, Equal, Range};
        let brand = filter("brand", Equal, 0.001);
        let price = filter("price", Range, 0.1);
        let both = [brand.clone(), price.clone()];
        // No index, no order: it stops when it has 20 that fit: 20 / 0.0001.
        check(&both, None, 0, &[], 200_000.0);
        // No index, in an order that nothing gives: all rows.
        check(&both, Some("date"), 0, &[], 1e6);
        // Equal first, then the range: 1e6 × 0.001 × 0.1 = 100 rows, 20 of them are enough unless sorted.
        check(&both, Some("date"), 0, &["brand,price"], 100.0);
        check(&both, None, 0, &["brand,price"], 20.0);
        // The range first stops the rest: 1e5 rows by price, a thousandth of them fits.
        check(&both, None, 0, &["price,brand"], 20_000.0);
        // An index whose first column has no filter does not help, …
        check(
            std::slice::from_ref(&brand),
            Some("date"),
            0,
            &["price,brand"],
            1e6,
        );
        // … unless it gives the order: then it scans until 20 fit.
        check(
            std::slice::from_ref(&brand),
            Some("price"),
            0,
            &["price,brand"],
            20_000.0,
        );
        check(
            std::slice::from_ref(&brand),
            Some("price"),
            0,
            &["price"],
            20_000.0,
        );
        // Equal, then the order: the best there is.
        check(
            std::slice::from_ref(&brand),
            Some("date"),
            0,
            &["brand,date"],
            20.0,
        );
        // A text search helps with no index.
        let word = filter("title", Contains, 0.0001);
        check(std::slice::from_ref(&word), None, 0, &["title"], 200_000.0);
        // Skipping rows costs as much as reading them.
        check(&[], Some("id"), 100_000, &[], 100_020.0);
        check(&[], Some("date"), 100_000, &["date"], 100_020.0);
    }

    #[test]
    fn pages_lie_together_in_the_order_of_the_key_only() {
        let query = Query {
            filters: &[filter("brand", FilterOp::Equal, 0.01)],
            order_by: Some(&Id::new("date").unwrap()),
            limit: 20,
            offset: 0,
        };
        // All 125,000 pages one after the other, or 10,000 rows scattered over them.
        let scan = plan(&query, &[], 1e6, 8.0);
        assert!((scan.pages - 125_000.0).abs() < 1.0);
        let by_index = plan(&query, &[index("brand")], 1e6, 8.0);
        assert!((by_index.examined - 10_000.0).abs() < 1e-6);
        assert!((9_600.0..9_650.0).contains(&by_index.pages), "{by_index:?}");
    }
}
