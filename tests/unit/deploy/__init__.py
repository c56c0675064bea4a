"""What is written for those who run Serai."""
