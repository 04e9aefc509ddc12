// Answers questions about Flux with Flux's own released libraries: one JSON request per line on
// standard input, one JSON answer per line on standard output, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
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

type failure struct {
	Error string `json:"error"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := encoder.Encode(answer(line)); err != nil {
			_ = encoder.Encode(failure{err.Error()})
		}
		_ = out.Flush()
	}
}

func answer(line []byte) (result any) {
	defer func() {
		if reason := recover(); reason != nil {
			result = failure{fmt.Sprintf("panic: %v", reason)}
		}
	}()
	var request struct {
		Do string `json:"do"`
	}
	if err := json.Unmarshal(line, &request); err != nil {
		return failure{err.Error()}
	}
	respond, known := answers[request.Do]
	if !known {
		return failure{fmt.Sprintf("no such request: %q", request.Do)}
	}
	result, err := respond(line)
	if err != nil {
		return failure{err.Error()}
	}
	return result
}
