"""What helm-controller does around Helm: charts, values, names, post-rendering."""
