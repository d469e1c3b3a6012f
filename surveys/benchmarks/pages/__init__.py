"""What the pages show, as plain data and figures of ui.charts. Read under the commission's or a university's role."""
