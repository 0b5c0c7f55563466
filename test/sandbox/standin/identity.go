package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Identity is a component's certificate material as it was at one moment.
type Identity struct {
	folder string
	leaf   tls.Certificate
	ca     *x509.CertPool
	// changed is the certificate file's modification time.
	changed time.Time
}

func readIdentity(folder string) (*Identity, error) {
	info, err := os.Stat(filepath.Join(folder, "tls.crt"))
	if err != nil {
		return nil, err
	}

	leaf, err := readLeaf(folder)
	if err != nil {
		return nil, err
	}

	bundle, err := os.ReadFile(filepath.Join(folder, "ca.crt"))
	if err != nil {
		return nil, err
	}

	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(bundle) {
		return nil, fmt.Errorf("no certificate in %s", filepath.Join(folder, "ca.crt"))
	}

	return &Identity{folder, *leaf, pool, info.ModTime()}, nil
}

// readLeaf reads the pair through the folder's ..data link, resolved once: a
// swap between the two files would mix an old certificate with a new key.
func readLeaf(folder string) (*tls.Certificate, error) {
	data, err := filepath.EvalSymlinks(filepath.Join(folder, "..data"))
	if err != nil {
		data = folder
	}

	leaf, err := tls.LoadX509KeyPair(filepath.Join(data, "tls.crt"), filepath.Join(data, "tls.key"))
	return &leaf, err
}

// stale tells whether the certificate file is another one than was read.
func (identity *Identity) stale() bool {
	info, err := os.Stat(filepath.Join(identity.folder, "tls.crt"))
	return err == nil && !info.ModTime().Equal(identity.changed)
}
