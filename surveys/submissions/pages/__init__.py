"""What the pages of the review show, put together from queries; no request in here except the filters."""
