//! pyscaffold makes Python web projects from templates.

pub mod answer;
pub mod cli;
pub mod combinations;
pub mod commands;
pub mod detect;
pub mod error;
pub mod formats;
pub mod found;
pub mod git;
pub mod given;
pub mod interrupt;
pub mod language;
pub mod layers;
pub mod merge;
pub mod problem;
pub mod project;
pub mod prompt;
pub mod render;
pub mod resolve;
pub mod state;
pub mod steps;
pub mod suggest;
pub mod template;
pub mod tree;
pub mod ui;
