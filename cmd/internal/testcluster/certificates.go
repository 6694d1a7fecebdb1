package testcluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The files of a cluster's folder that its programs read.
const (
	caFile        = "ca.crt"
	serverFile    = "server.crt"
	serverKeyFile = "server.key"
	accountsFile  = "accounts.key"
	tokensFile    = "tokens.csv"
	adminFile     = "kubeconfig"
	managerFile   = "controller-manager.kubeconfig"
)

// identities are what the programs prove who they are with.
type identities struct {
	ca             []byte // PEM
	admin, manager string // tokens
}

// writeIdentities makes an authority, the server's certificate, the key that signs service
// accounts' tokens, and the tokens of an administrator and of the controller manager.
func writeIdentities(dir string) (identities, error) {
	ca, caKey, err := newKeyPair(&x509.Certificate{
		Subject: pkix.Name{CommonName: "couplet test cluster"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}, nil, nil)
	if err != nil {
		return identities{}, err
	}
	server, serverKey, err := newKeyPair(&x509.Certificate{
		Subject: pkix.Name{CommonName: "kube-apiserver"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes.default.svc"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, ca, caKey)
	if err != nil {
		return identities{}, err
	}
	accounts, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identities{}, err
	}
	ids := identities{ca: encode("CERTIFICATE", ca.Raw), admin: token(), manager: token()}
	files := map[string][]byte{caFile: ids.ca, serverFile: encode("CERTIFICATE", server.Raw)}
	for name, key := range map[string]*ecdsa.PrivateKey{serverKeyFile: serverKey, accountsFile: accounts} {
		der, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return identities{}, err
		}
		files[name] = encode("EC PRIVATE KEY", der)
	}
	files[tokensFile] = fmt.Appendf(nil, "%s,admin,admin,system:masters\n%s,system:kube-controller-manager,manager\n", ids.admin, ids.manager)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return identities{}, err
		}
	}
	return ids, nil
}

// newKeyPair signs a certificate by an authority, or by itself.
func newKeyPair(template, authority *x509.Certificate, authorityKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62)); err != nil {
		return nil, nil, err
	}
	now := time.Now()
	template.NotBefore, template.NotAfter = now.Add(-time.Hour), now.AddDate(1, 0, 0)
	if authority == nil {
		authority, authorityKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, authority, &key.PublicKey, authorityKey)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return certificate, key, err
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func token() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// kubeconfig is for one token.
func (ids identities) kubeconfig(dir, url, token string) []byte {
	return kubeconfig(url, "certificate-authority: "+filepath.Join(dir, caFile), token)
}

func kubeconfig(url, authority, token string) []byte {
	return fmt.Appendf(nil, `apiVersion: v1
kind: Config
clusters:
- name: couplet-test
  cluster:
    server: %s
    %s
users:
- name: user
  user:
    token: %s
contexts:
- name: couplet-test
  context:
    cluster: couplet-test
    user: user
current-context: couplet-test
`, url, authority, token)
}
