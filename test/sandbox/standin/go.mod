module tidb-cert-rotate/standin

go 1.26
