"""Scans and photographs as they come in and are shown: told by their content, made upright, small and harmless. Bytes in, bytes out."""
