// Answers questions about Flux with Flux's own released libraries.
package main

import (
	"encoding/json"

	"gitops.test/answering"
)

// answers maps the request field "do" to what answers it.
var answers = map[string]func(json.RawMessage) (any, error){
	"envsubst":   expand,
	"yaml":       asYAML,
	"substitute": substitute,
	"apply":      apply,
	"generate":   generate,
	"build":      build,
	"ignore":     ignored,
	"values":     values,
}

func main() {
	answering.Each(answering.Named(answers))
}
