//! What things cost and what the visitors are worth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Id;
use crate::Kind;

/// What a vCPU of a graph store costs where a scenario says nothing: as much as a database's. It is not written,
/// so that scenarios from before there was this price keep their fingerprints.
const GRAPH_STORE_VCPU_HOUR: f64 = 2.0;

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_usual_graph_price(n: &f64) -> bool {
    *n == GRAPH_STORE_VCPU_HOUR
}

/// What things cost, in neutral units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Prices {
    /// One vCPU of a server for an hour.
    pub server_vcpu_hour: f64,
    /// One vCPU of a database for an hour.
    pub database_vcpu_hour: f64,
    /// A gibibyte of a database's memory for an hour.
    #[serde(skip_serializing_if = "super::is_zero")]
    pub database_memory_gib_hour: f64,
    /// A thousand disk accesses a second of a database for an hour, used or not.
    #[serde(skip_serializing_if = "super::is_zero")]
    pub database_kiops_hour: f64,
    /// A gibibyte of a cache's memory for an hour, beside what the cache costs (`hour`).
    #[serde(skip_serializing_if = "super::is_zero")]
    pub cache_memory_gib_hour: f64,
    /// One vCPU of a graph store for an hour, beside what the store costs (`hour`).
    #[serde(skip_serializing_if = "is_usual_graph_price")]
    pub graph_store_vcpu_hour: f64,
    /// One vCPU of a shard of a search engine for an hour, beside what the shard costs (`hour`).
    #[serde(skip_serializing_if = "super::is_zero")]
    pub search_vcpu_hour: f64,
    /// A load balancer for an hour.
    pub load_balancer_hour: f64,
    /// A gigabyte (10^9 bytes) out of a CDN.
    pub cdn_gb: f64,
    /// A gigabyte out of a server to the visitors.
    pub server_gb: f64,
    /// A thousand read units of a key-value store for an hour, used or not, beside what the store costs (`hour`).
    #[serde(skip_serializing_if = "super::is_zero")]
    pub key_value_kread_hour: f64,
    /// A thousand write units of a key-value store for an hour, used or not.
    #[serde(skip_serializing_if = "super::is_zero")]
    pub key_value_kwrite_hour: f64,
    /// A gigabyte from one place to another.
    #[serde(skip_serializing_if = "super::is_zero")]
    pub between_places_gb: f64,
    /// What a component of a kind costs for an hour, for kinds without a price of their own above.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hour: BTreeMap<Kind, f64>,
    /// What a million requests to a kind cost.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub million_requests: BTreeMap<Kind, f64>,
}

impl Default for Prices {
    fn default() -> Self {
        Self {
            server_vcpu_hour: 1.0,
            database_vcpu_hour: 2.0,
            database_memory_gib_hour: 0.0,
            database_kiops_hour: 0.0,
            cache_memory_gib_hour: 0.0,
            graph_store_vcpu_hour: GRAPH_STORE_VCPU_HOUR,
            search_vcpu_hour: 0.0,
            load_balancer_hour: 0.5,
            cdn_gb: 0.05,
            server_gb: 0.05,
            key_value_kread_hour: 0.0,
            key_value_kwrite_hour: 0.0,
            between_places_gb: 0.0,
            hour: BTreeMap::new(),
            million_requests: BTreeMap::new(),
        }
    }
}

/// What the visitors are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// The operation whose success is an order (a conversion).
    pub order: Id,
    /// Revenue of one order, in price units.
    pub revenue: f64,
}
