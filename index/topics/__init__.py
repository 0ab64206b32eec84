"""Topics that readers follow: which of them an article is about, and in which words it says so."""
