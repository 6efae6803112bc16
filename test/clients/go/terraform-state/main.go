// Reads what "terraform show -json" prints of a state as Terraform's own package for it does, and prints it again.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	tfjson "github.com/hashicorp/terraform-json"
)

func main() {
	text, err := again(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(text))
}

func again(given io.Reader) ([]byte, error) {
	text, err := io.ReadAll(given)
	if err != nil {
		return nil, err
	}
	var state tfjson.State
	if err := state.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	return json.Marshal(state)
}
