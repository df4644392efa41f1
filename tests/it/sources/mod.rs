//! Templates from git repositories, from the outside. Their servers are folders.

mod below;
mod cache;
mod choosing;
mod following;
mod past;
mod quiet;
mod refused;
