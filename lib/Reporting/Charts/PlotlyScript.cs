namespace DeviceId.Reporting;

/// <summary>plotly.js for a notebook page that has none: the script is embedded in the page, nothing comes from the network.</summary>
public static class PlotlyScript
{
    /// <summary>Environment variable set by our runner, whose report contains plotly.js once for all notebooks.</summary>
    public const string HostVariable = "DEVICEID_HOST";

    /// <summary>File name of the script, which the build copies to the library's folder.</summary>
    public const string FileName = "plotly.min.js";

    /// <summary>
    /// The script as a notebook value; empty if the host has its own. In a notebook it is displayed by this call and then replaced by a
    /// sentence, so that the saved notebook does not contain it: when that is opened again, its charts are pictures until this is run.
    /// </summary>
    /// <exception cref="FileNotFoundException">The script is not in the library's folder.</exception>
    public static INotebookValue ForThisHost()
    {
        if (Environment.GetEnvironmentVariable(HostVariable) == "runner")
            return new HtmlFragment("", "");
        var path = ShippedFile.Find(FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"{path} is missing: build the project once (dotnet build DeviceId.slnx) so that the charts have their script.", path);
        // Some pages use an AMD loader; plotly.js would register with it instead of defining a global variable.
        var html = "<script data-deviceid=\"plotly-js\">(function () { const define = undefined, module = undefined, exports = undefined;\n"
            + File.ReadAllText(path) + "\nwindow.Plotly = window.Plotly || Plotly; })();</script>";
        var loaded = new HtmlFragment("", "plotly.js loaded");
        if (NotebookDisplay.Show(new HtmlFragment(html, "")) is not { } replace)
            return loaded with { Html = html };
        replace(loaded);
        return new HtmlFragment("", "");
    }
}
