"""Pictures that are wanted as pixels: drawn here when they are first asked for, and kept from then on."""
