//! Lists that are read in pages: `limit` and `cursor`, and a range of days.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{Cursors, Problem, Query};

/// Items of a page when the client does not say.
const LIMIT_DEFAULT: u32 = 20;
/// Most items of a page.
const LIMIT_MAX: u32 = 50;

/// The query parameters that [`Paging`] reads, for the API document: `params(Filters, PageParams)`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// 1 to 50
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The query parameters `from` and `to`: a list shows what happened on these days only.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DayRange {
    /// First day, in China
    #[param(value_type = Option<String>, example = "2024-01-15")]
    pub from: Option<Date>,
    /// Last day, in China
    #[param(value_type = Option<String>)]
    pub to: Option<Date>,
}

/// Extracts [`PageParams`]; opens and seals the cursor with the application state's [`Cursors`].
#[derive(Debug, Clone)]
pub struct Paging {
    params: PageParams,
    cursors: Arc<Cursors>,
}

impl Paging {
    /// Items wanted: 1 to 50, by default 20.
    pub fn limit(&self) -> u32 {
        self.params.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX)
    }

    /// The position after which the page begins, or `None` for the first page. `list` names the list, its owner and every filter
    /// that the position depends on: a cursor is valid only for the list that it was made for.
    ///
    /// # Errors
    /// 400 `cursor-invalid` if the client's cursor was changed or belongs to another list.
    pub fn after<T: DeserializeOwned>(&self, list: &str) -> Result<Option<T>, Problem> {
        self.params.cursor.as_ref().map(|cursor| self.cursors.open(list, cursor)).transpose()
    }

    /// The cursor for the page after `position`, or `None` on the last page.
    ///
    /// # Errors
    /// [`Problem::internal`] if `position` cannot be serialised.
    pub fn next_cursor(&self, list: &str, position: Option<impl Serialize>) -> Result<Option<String>, Problem> {
        position.map(|position| self.cursors.seal(list, &position)).transpose()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging
where
    Arc<Cursors>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(params) = Query::from_request_parts(parts, state).await?;
        Ok(Self { params, cursors: FromRef::from_ref(state) })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn paging(uri: &str) -> Result<Paging, Problem> {
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        Paging::from_request_parts(&mut parts, &Arc::new(Cursors::new(&[7; 32]))).await
    }

    #[tokio::test]
    async fn the_limit_is_20_by_default_and_at_most_50() {
        for (uri, limit) in [("/", 20), ("/?limit=0", 1), ("/?limit=7&state=paid", 7), ("/?limit=51", 50)] {
            assert_eq!(paging(uri).await.unwrap().limit(), limit, "{uri}");
        }
        assert_eq!(paging("/?limit=many").await.unwrap_err().code, "query-invalid");
    }

    #[tokio::test]
    async fn a_cursor_continues_its_own_list_and_no_other() {
        let first = paging("/").await.unwrap();
        assert_eq!(first.after::<u32>("orders/ada").unwrap(), None);
        assert_eq!(first.next_cursor("orders/ada", None::<u32>).unwrap(), None);
        let cursor = first.next_cursor("orders/ada", Some(42)).unwrap().unwrap();
        let second = paging(&format!("/?cursor={cursor}")).await.unwrap();
        assert_eq!(second.after::<u32>("orders/ada").unwrap(), Some(42));
        assert_eq!(second.after::<u32>("orders/ben").unwrap_err().code, "cursor-invalid");
    }
}
