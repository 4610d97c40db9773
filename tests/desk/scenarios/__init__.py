"""What happens at the counter, told as stories: given, when, then."""
