"""What ``desk doctor`` looks at."""
