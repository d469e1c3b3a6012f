"""A university's drafts: observations, uploads, mappings, explanations."""
