pub mod cli;
pub mod config;
pub mod features;
pub mod server;
pub mod syntax;
pub mod text;
pub mod vault;
