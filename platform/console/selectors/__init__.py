"""What the console shows beyond what other apps' selectors say."""
