package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
)

// member is what the kubelet writes about each PD of the StatefulSet.
type member struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// handlePD answers the few requests that an operator makes, in real PD's shape.
// The members do not talk about the leader: they share a file that names it.
func handlePD(mux *http.ServeMux, config *Config) {
	mux.HandleFunc("/pd/api/v1/health", func(writer http.ResponseWriter, _ *http.Request) {
		list := []any{}
		for _, member := range members(config) {
			list = append(list, map[string]any{
				"name": member.Name, "member_id": number(member.Name), "client_urls": clientURLs(member), "health": listens(member),
			})
		}

		answer(writer, list)
	})
	mux.HandleFunc("/pd/api/v1/members", func(writer http.ResponseWriter, _ *http.Request) {
		list, leader := []any{}, any(nil)
		name := leaderName(config)
		for _, member := range members(config) {
			entry := describe(member)
			list = append(list, entry)
			if member.Name == name {
				leader = entry
			}
		}

		answer(writer, map[string]any{
			"header": map[string]any{"cluster_id": clusterID(config)}, "members": list, "leader": leader, "etcd_leader": leader,
		})
	})
	mux.HandleFunc("/pd/api/v1/leader", func(writer http.ResponseWriter, _ *http.Request) {
		name := leaderName(config)
		for _, member := range members(config) {
			if member.Name == name {
				answer(writer, describe(member))
				return
			}
		}

		http.Error(writer, "no leader", http.StatusServiceUnavailable)
	})
	mux.HandleFunc("POST /pd/api/v1/leader/transfer/{name}", func(writer http.ResponseWriter, request *http.Request) {
		os.WriteFile(config.Leader, []byte(request.PathValue("name")), 0o600)
		answer(writer, "The transfer command is submitted.")
	})
	mux.HandleFunc("/pd/api/v1/cluster", func(writer http.ResponseWriter, _ *http.Request) {
		answer(writer, map[string]any{"id": clusterID(config), "max_peer_count": 3})
	})
	mux.HandleFunc("/pd/api/v1/stores", func(writer http.ResponseWriter, _ *http.Request) {
		answer(writer, map[string]any{"count": 0, "stores": []any{}})
	})
	mux.HandleFunc("/pd/api/v1/version", func(writer http.ResponseWriter, _ *http.Request) {
		answer(writer, map[string]any{"version": "v8.5.0-stand-in"})
	})
}

func members(config *Config) []member {
	list := []member{}
	readJSON(config.Members, &list)
	return list
}

// leaderName is the member that the shared file names if it runs, else the
// first that does.
func leaderName(config *Config) string {
	name, _ := os.ReadFile(config.Leader)
	first := ""
	for _, member := range members(config) {
		if !listens(member) {
			continue
		}

		if member.Name == strings.TrimSpace(string(name)) {
			return member.Name
		}

		if first == "" {
			first = member.Name
		}
	}

	return first
}

// listens looks in the kernel's list whether the member's client port is open:
// a connection made to find out would be one more failed handshake in its log.
func listens(member member) bool {
	table, _ := os.ReadFile("/proc/net/tcp")
	ip := net.ParseIP(member.Address).To4()
	if ip == nil {
		return false
	}

	local := fmt.Sprintf(" %02X%02X%02X%02X:%04X 00000000:0000 0A ", ip[3], ip[2], ip[1], ip[0], 2379)
	return strings.Contains(string(table), local)
}

func describe(member member) map[string]any {
	return map[string]any{
		"name": member.Name, "member_id": number(member.Name), "client_urls": clientURLs(member),
		"peer_urls":   []string{(&url.URL{Scheme: "https", Host: member.Address + ":2380"}).String()},
		"deploy_path": "/", "binary_version": "v8.5.0", "git_hash": "stand-in",
	}
}

func clientURLs(member member) []string {
	return []string{fmt.Sprintf("https://%s:2379", member.Address)}
}

func clusterID(config *Config) uint64 { return number(path.Dir(config.Members)) }

// number makes a stable positive number out of a name.
func number(name string) uint64 {
	sum := fnv.New64a()
	sum.Write([]byte(name))
	return sum.Sum64() >> 1
}

func answer(writer http.ResponseWriter, value any) {
	writer.Header().Set("Content-Type", "application/json; charset=UTF-8")
	json.NewEncoder(writer).Encode(value)
}
