"""What the texts that people read are held to: marked, collected in catalogues, translated."""
