"""What ``desk doctor`` looks at: a module for each area, which gives checks; words are made elsewhere."""
