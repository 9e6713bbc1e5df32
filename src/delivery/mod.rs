//! Delivery: messages, the outbox loop's decisions, and the ways out (folder, SMTP).
