namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Receives the outputs of a running cell as they occur. Called from any thread; the index identifies an output when it is replaced.
/// </summary>
internal interface IOutputListener
{
    void OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult);

    void OnReplaced(int index, IReadOnlyDictionary<string, string> mime);

    void OnText(string stream, string text);

    void OnFailed(ScriptException problem);
}
