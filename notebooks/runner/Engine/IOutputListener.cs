namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Hears at once what a running cell shows. Called from any thread; an index names the same output in both display calls.
/// </summary>
internal interface IOutputListener
{
    void OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult);

    void OnReplaced(int index, IReadOnlyDictionary<string, string> mime);

    void OnText(string stream, string text);

    void OnFailed(ScriptException problem);
}
