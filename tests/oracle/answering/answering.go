// Package answering is what the programs beside it have in common: one JSON request per line on
// standard input, one JSON answer per line on standard output, in the same order.
package answering

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// Failure is the answer to a request that has no other.
type Failure struct {
	Error string `json:"error"`
}

// Each answers every request until there are no more.
func Each(answer func(request []byte) any) {
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
			_ = encoder.Encode(Failure{err.Error()})
		}
		_ = out.Flush()
	}
}

// Named answers by the field "do" of a request; a panic is an answer, too.
func Named(answers map[string]func(json.RawMessage) (any, error)) func(request []byte) any {
	return func(request []byte) (result any) {
		defer func() {
			if reason := recover(); reason != nil {
				result = Failure{fmt.Sprintf("panic: %v", reason)}
			}
		}()
		result, err := named(answers, request)
		if err != nil {
			return Failure{err.Error()}
		}
		return result
	}
}

func named(answers map[string]func(json.RawMessage) (any, error), request []byte) (any, error) {
	var asked struct {
		Do string `json:"do"`
	}
	if err := json.Unmarshal(request, &asked); err != nil {
		return nil, err
	}
	answer, known := answers[asked.Do]
	if !known {
		return nil, fmt.Errorf("no such request: %q", asked.Do)
	}
	return answer(request)
}
