//! How each kind of component and the visitors behave, through the public documents: a drawing, a scenario, a report.
//!
//! One program for all of it: forty that each carry the engine took minutes to build. What needs a process of its
//! own, or is asked for by name, stands beside this folder.

#[path = "../feed_support/mod.rs"]
mod feed_support;
#[path = "../support/mod.rs"]
mod support;

mod aggregate;
mod async_orders;
mod async_queue;
mod async_worker;
mod business;
mod callers;
mod callers_connections;
mod control_controller;
mod control_monitor;
mod db_copies;
mod db_failover;
mod db_faults;
mod db_memory;
mod db_primaries;
mod db_proxy;
mod db_rows;
mod db_shards;
mod db_statements;
mod faults;
mod faults_cut;
mod faults_days;
mod faults_names;
mod faults_overlap;
mod feed_by_hand;
mod feed_changes;
mod feed_day;
mod feed_media;
mod feed_rates;
mod feed_run;
mod feed_stars;
mod front_balancer;
mod front_cdn;
mod front_dns;
mod front_gates;
mod front_mixed;
mod function_starts;
mod reports;
mod reports_focus;
mod server_load;
mod server_program;
mod server_scaling;
mod server_state;
mod server_theory;
mod stores_cache;
mod stores_data;
mod stores_faults;
mod stores_ids;
mod stores_links;
mod stores_ring;
mod stores_search;
mod stores_shards;
mod stores_vectors;
mod traces;
