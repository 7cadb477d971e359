using System.Reflection;

namespace DeviceId.Reporting;

/// <summary>Finds the notebook engine's display call and its stop button without a reference to the engine.</summary>
/// <remarks>
/// The one call whose updates land where they should in every released engine is
/// <c>KernelInvocationContext.Current.Display(value, mimeTypes)</c>, which returns an object with <c>Update(value)</c>.
/// In .NET Interactive it is an extension method in the same namespace; our runner offers it as a method of the class. Both are tried.
/// </remarks>
internal static class NotebookDisplay
{
    private const string ContextType = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    // Found once, with the first cell; outside a notebook the search is repeated, which costs what a console line costs.
    private static Type? s_context;

    /// <summary>Shows a value and returns what updates it in place, or null outside a notebook.</summary>
    public static Action<INotebookValue>? Show(INotebookValue value)
    {
        if (Current() is not { } current)
            return null;

        string[] mimeTypes = ["text/html", "text/plain"];
        var own = s_context!.GetMethod("Display", [typeof(object), typeof(string[])]);
        var extension = own is null ? Find(ContextType + "Extensions")?.GetMethod("Display", [s_context, typeof(object), typeof(string[])])
            : null;
        var shown = own is not null ? own.Invoke(current, [value, mimeTypes]) : extension?.Invoke(null, [current, value, mimeTypes]);
        var update = shown?.GetType().GetMethod("Update", [typeof(object)]);
        return update is null ? null : next => update.Invoke(shown, [next]);
    }

    /// <summary>Set when the reader stops the running cell; never set outside a notebook.</summary>
    public static CancellationToken Interruption() =>
        Current() is { } current && s_context!.GetProperty("CancellationToken")?.GetValue(current) is CancellationToken token
            ? token : CancellationToken.None;

    private static object? Current()
    {
        s_context ??= Find(ContextType);
        return s_context?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
    }

    private static Type? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic).Select(a => a.GetType(name)).FirstOrDefault(t => t is not null);
}
