"""The reference pages that are made from the code: one file a page, and what they share."""
