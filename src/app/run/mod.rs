//! The run: worker client and state.

use yew::prelude::*;

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the contexts.
    pub children: Html,
}

/// Provides the state of the run.
#[component]
pub fn RunProvider(props: &ProviderProps) -> Html {
    props.children.clone()
}
