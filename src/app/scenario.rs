//! Which scenario is chosen.

use yew::prelude::*;

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the context.
    pub children: Html,
}

/// Provides it.
#[component]
pub fn ScenarioProvider(props: &ProviderProps) -> Html {
    props.children.clone()
}
