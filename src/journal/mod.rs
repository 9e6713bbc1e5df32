//! Our own database: runs, deliveries, alert states. Never the call database.
