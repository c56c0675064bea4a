"""What is verified and how, pure: heads, places, the recipient's steps, evidence files."""
