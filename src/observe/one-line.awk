# The certificates of a text, each in one line: the rest of the last line that began with `mark`, and the certificate's base64. No other
# byte of the text is printed, a private key least of all. A certificate may be indented, as in a YAML file.
index($0, mark " ") == 1 { place = substr($0, length(mark) + 2); inside = 0; next }
{ gsub(/^[ \t]+|[ \t\r]+$/, "") }
/^-----BEGIN CERTIFICATE-----$/ { inside = 1; body = ""; next }
/^-----END CERTIFICATE-----$/ { if (inside) print place, body; inside = 0; next }
inside && /^[A-Za-z0-9+\/=]+$/ { body = body $0; next }
{ inside = 0 }
